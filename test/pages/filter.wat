;; The module that the examples in the documentation call filter.wasm: the mean of each sample and the one before it.
(module
  (import "env" "memory" (memory 1))
  ;; state: the last sample, an f32; samples: n of them, f32; both are changed
  (func (export "apply") (param $state i32) (param $samples i32) (param $n i32)
    (local $last f32)
    (local $now f32)
    (local.set $last (f32.load (local.get $state)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $n)))
        (local.set $now (f32.load (local.get $samples)))
        (f32.store (local.get $samples)
          (f32.mul (f32.const 0.5) (f32.add (local.get $now) (local.get $last))))
        (local.set $last (local.get $now))
        (local.set $samples (i32.add (local.get $samples) (i32.const 4)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (f32.store (local.get $state) (local.get $last))))
