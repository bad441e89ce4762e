;; The module that the examples in the documentation call list.wasm: a list of numbers, each in a node of its own, as a program
;; in C would have it. A node is an i32 and the address of the next node, 0 at the end.
(module
  (import "env" "memory" (memory 1))
  (import "env" "malloc" (func $malloc (param i32) (result i32)))
  (import "env" "free" (func $free (param i32)))
  ;; a new node
  (func $node (param $number i32) (param $next i32) (result i32)
    (local $node i32)
    (local.set $node (call $malloc (i32.const 8)))
    (i32.store (local.get $node) (local.get $number))
    (i32.store offset=4 (local.get $node) (local.get $next))
    (local.get $node))
  ;; a list of the numbers 1 to n
  (func (export "count") (param $n i32) (result i32)
    (local $list i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $n)))
        (local.set $list (call $node (local.get $n) (local.get $list)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (br $next)))
    (local.get $list))
  ;; a list of n numbers at an address: it reads while it allocates
  (func $listOf (param $numbers i32) (param $n i32) (result i32)
    (local $list i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $n)))
        (local.set $n (i32.sub (local.get $n) (i32.const 1)))
        (local.set $list
          (call $node
            (i32.load (i32.add (local.get $numbers) (i32.shl (local.get $n) (i32.const 2))))
            (local.get $list)))
        (br $next)))
    (local.get $list))
  ;; the sum of a list's numbers
  (func $sum (export "sum") (param $list i32) (result i32)
    (local $sum i32)
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $list)))
        (local.set $sum (i32.add (local.get $sum) (i32.load (local.get $list))))
        (local.set $list (i32.load offset=4 (local.get $list)))
        (br $next)))
    (local.get $sum))
  ;; the same of n numbers at an address, by a list that it makes and frees
  (func (export "sumOf") (param $numbers i32) (param $n i32) (result i32)
    (local $list i32)
    (local $sum i32)
    (local $next i32)
    (local.set $list (call $listOf (local.get $numbers) (local.get $n)))
    (local.set $sum (call $sum (local.get $list)))
    (block $done
      (loop $more
        (br_if $done (i32.eqz (local.get $list)))
        (local.set $next (i32.load offset=4 (local.get $list)))
        (call $free (local.get $list))
        (local.set $list (local.get $next))
        (br $more)))
    (local.get $sum)))
