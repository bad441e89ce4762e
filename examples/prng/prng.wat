;; A pseudo-random number generator: ARS-7, by J. Salmon, M. Moraes, R. Dror and D. Shaw ("Parallel random numbers: as
;; easy as 1, 2, 3", SC 2011). A number is not derived from the one before it: a counter is enciphered instead, with 7
;; rounds of AES, whose round keys are a Weyl sequence. The authors report that it passes all of TestU01's BigCrush. It
;; is not for secrets.
;;
;; The module has no memory of its own, and no allocator. JavaScript passes all addresses:
;;
;;      env.tab     address of 1 KiB, shared by all generators: the table that init() computes
;;      $state      address of the 16 bytes of one generator:
;;                      +0  i64  how many numbers were drawn
;;                      +8  i64  the seed
;;
;; A block of 16 bytes is 4 numbers: number n of a seed is word n mod 4 of block n div 4. Enciphering can be reversed,
;; so no block occurs twice, neither with the same seed nor with another.

(module
    (import "env" "mem" (memory 1))
    (import "env" "tab" (global $tab i32))

    ;; ---- the table --------------------------------------------------------------------------------------------------

    ;; Returns a times b in AES's GF(2^8): polynomials over bits, modulo x^8 + x^4 + x^3 + x + 1 (0x11b).
    (func $mul (param $a i32) (param $b i32) (result i32)
        (local $product i32)
        (loop $bit
            (if (i32.and (local.get $b) (i32.const 1))
                (then (local.set $product (i32.xor (local.get $product) (local.get $a)))))
            (local.set $a (i32.shl (local.get $a) (i32.const 1)))
            (if (i32.gt_u (local.get $a) (i32.const 0xff))
                (then (local.set $a (i32.xor (local.get $a) (i32.const 0x11b)))))
            (local.set $b (i32.shr_u (local.get $b) (i32.const 1)))
            (br_if $bit (local.get $b)))
        (local.get $product))

    ;; Writes entry x, given the inverse of x. With s, which AES's S-box substitutes for x, the bytes of the entry are
    ;; 2s, s, s, 3s: the share of a byte of row 0 in a column, after substitution and mixing. A byte of row r adds the
    ;; same, rotated by r bytes.
    (func $entry (param $x i32) (param $inverse i32)
        (local $twice i32) (local $s i32) (local $2s i32)

        ;; s: the inverse, xor itself rotated left by 1, 2, 3 and 4 bits, xor 0x63. Rotations of a byte are shifts of
        ;; two copies of it, side by side.
        (local.set $twice (i32.mul (local.get $inverse) (i32.const 0x101)))
        (local.set $s (i32.xor (local.get $inverse) (i32.const 0x63)))
        (local.set $s (i32.xor (local.get $s) (i32.shr_u (local.get $twice) (i32.const 7))))
        (local.set $s (i32.xor (local.get $s) (i32.shr_u (local.get $twice) (i32.const 6))))
        (local.set $s (i32.xor (local.get $s) (i32.shr_u (local.get $twice) (i32.const 5))))
        (local.set $s (i32.xor (local.get $s) (i32.shr_u (local.get $twice) (i32.const 4))))
        (local.set $s (i32.and (local.get $s) (i32.const 0xff)))
        (local.set $2s (call $mul (local.get $s) (i32.const 2)))

        (local.set $x (i32.add (global.get $tab) (i32.shl (local.get $x) (i32.const 2))))
        (i32.store8          (local.get $x) (local.get $2s))
        (i32.store8 offset=1 (local.get $x) (local.get $s))
        (i32.store8 offset=2 (local.get $x) (local.get $s))
        (i32.store8 offset=3 (local.get $x) (i32.xor (local.get $2s) (local.get $s))))

    ;; init(): computes the table. Once is enough, as long as the memory keeps its contents. The powers of 3 pass
    ;; through every element but 0. 0xf6 is the inverse of 3, so x times inverse is always 1.
    (func (export "init")
        (local $x i32) (local $inverse i32)
        (call $entry (i32.const 0) (i32.const 0)) ;; 0 has no inverse: AES takes 0
        (local.set $x (i32.const 1))
        (local.set $inverse (i32.const 1))
        (loop $power
            (call $entry (local.get $x) (local.get $inverse))
            (local.set $x (call $mul (local.get $x) (i32.const 3)))
            (local.set $inverse (call $mul (local.get $inverse) (i32.const 0xf6)))
            (br_if $power (i32.ne (local.get $x) (i32.const 1)))))

    ;; ---- the cipher -------------------------------------------------------------------------------------------------

    ;; Returns one column after a round, before the round key. Row r of it comes from row r of another column each (AES
    ;; calls that ShiftRows): byte 0 of a, byte 1 of b, byte 2 of c, byte 3 of d.
    (func $column (param $a i32) (param $b i32) (param $c i32) (param $d i32) (param $last i32) (result i32)
        ;; Each byte, times the 4 bytes of an entry, is an offset in the table.
        (local.set $a (i32.and (i32.const 0x3fc) (i32.shl   (local.get $a) (i32.const 2))))
        (local.set $b (i32.and (i32.const 0x3fc) (i32.shr_u (local.get $b) (i32.const 6))))
        (local.set $c (i32.and (i32.const 0x3fc) (i32.shr_u (local.get $c) (i32.const 14))))
        (local.set $d (i32.and (i32.const 0x3fc) (i32.shr_u (local.get $d) (i32.const 22))))
        (local.set $a (i32.add (global.get $tab) (local.get $a)))
        (local.set $b (i32.add (global.get $tab) (local.get $b)))
        (local.set $c (i32.add (global.get $tab) (local.get $c)))
        (local.set $d (i32.add (global.get $tab) (local.get $d)))

        ;; The last round of AES doesn't mix. It needs the plain s, byte 1 of an entry.
        (if (result i32) (local.get $last)
            (then
                (i32.load8_u offset=1 (local.get $a))
                (i32.shl (i32.load8_u offset=1 (local.get $b)) (i32.const 8))
                (i32.shl (i32.load8_u offset=1 (local.get $c)) (i32.const 16))
                (i32.shl (i32.load8_u offset=1 (local.get $d)) (i32.const 24))
                i32.or
                i32.or
                i32.or)
            (else
                (i32.load (local.get $a))
                (i32.rotl (i32.load (local.get $b)) (i32.const 8))
                (i32.rotl (i32.load (local.get $c)) (i32.const 16))
                (i32.rotl (i32.load (local.get $d)) (i32.const 24))
                i32.xor
                i32.xor
                i32.xor)))

    ;; Returns two columns after a round, half of the state, before the round key. A round treats all columns alike, so
    ;; $half(lo, hi) is the low half, and $half(hi, lo) the high one.
    (func $half (param $lo i64) (param $hi i64) (param $last i32) (result i64)
        (local $a i32) (local $b i32) (local $c i32) (local $d i32)
        (local.set $a (i32.wrap_i64 (local.get $lo)))
        (local.set $b (i32.wrap_i64 (i64.shr_u (local.get $lo) (i64.const 32))))
        (local.set $c (i32.wrap_i64 (local.get $hi)))
        (local.set $d (i32.wrap_i64 (i64.shr_u (local.get $hi) (i64.const 32))))

        (call $column (local.get $a) (local.get $b) (local.get $c) (local.get $d) (local.get $last))
        i64.extend_i32_u
        (call $column (local.get $b) (local.get $c) (local.get $d) (local.get $a) (local.get $last))
        i64.extend_i32_u
        i64.const 32
        i64.shl
        i64.or)

    ;; Returns the block of a counter, low half and high half. The key is 1, as in the authors' known answers for 7
    ;; rounds.
    (func $block (param $lo i64) (param $hi i64) (result i64 i64)
        (local $keylo i64) (local $keyhi i64) (local $next i64) (local $round i32) (local $last i32)
        (local.set $keylo (i64.const 1))
        (local.set $lo (i64.xor (local.get $lo) (local.get $keylo)))
        (loop $more
            (local.set $round (i32.add (local.get $round) (i32.const 1)))
            (local.set $last (i32.eq (local.get $round) (i32.const 7)))

            ;; Weyl's sequence adds the same odd number each time; here the fractions of the golden ratio, and of the
            ;; square root of 3.
            (local.set $keylo (i64.add (local.get $keylo) (i64.const 0x9e3779b97f4a7c15)))
            (local.set $keyhi (i64.add (local.get $keyhi) (i64.const 0xbb67ae8584caa73b)))

            (local.set $next (call $half (local.get $lo) (local.get $hi) (local.get $last)))
            (local.set $hi   (call $half (local.get $hi) (local.get $lo) (local.get $last)))
            (local.set $lo (i64.xor (local.get $next) (local.get $keylo)))
            (local.set $hi (i64.xor (local.get $hi) (local.get $keyhi)))
            (br_if $more (i32.eqz (local.get $last))))
        (local.get $lo)
        (local.get $hi))

    ;; ---- the generator ----------------------------------------------------------------------------------------------

    ;; seed(state, seed): goes to the beginning of the seed's numbers.
    (func (export "seed") (param $state i32) (param $seed i64)
        (i64.store          (local.get $state) (i64.const 0))
        (i64.store offset=8 (local.get $state) (local.get $seed)))

    ;; Returns the index of the next number in its block.
    (func $word (param $state i32) (result i32)
        (i32.and (i32.load (local.get $state)) (i32.const 3)))

    ;; Returns the block of the next number. Counts $count numbers as drawn.
    (func $draw (param $state i32) (param $count i64) (result i64 i64)
        (local $drawn i64)
        (local.set $drawn (i64.load (local.get $state)))
        (i64.store (local.get $state) (i64.add (local.get $drawn) (local.get $count)))
        (call $block
            (i64.shr_u (local.get $drawn) (i64.const 2))
            (i64.load offset=8 (local.get $state))))

    ;; rand(state): returns the next number.
    (func $rand (export "rand") (param $state i32) (result i32)
        (local $word i32) (local $lo i64) (local $hi i64)
        (local.set $word (call $word (local.get $state)))
        (call $draw (local.get $state) (i64.const 1))
        (local.set $hi)
        (local.set $lo)

        ;; Words 0 and 1 are in the low half, 2 and 3 in the high one; 1 and 3 are the upper 32 bits of theirs.
        (select (local.get $hi) (local.get $lo) (i32.and (local.get $word) (i32.const 2)))
        (select (i64.const 32)  (i64.const 0)   (i32.and (local.get $word) (i32.const 1)))
        i64.shr_u
        i32.wrap_i64)

    ;; fill(state, target, count): writes the next count numbers from address target on, by whole blocks where possible.
    (func (export "fill") (param $state i32) (param $target i32) (param $count i32)
        (local $lo i64) (local $hi i64) (local $step i32)
        (block $done
            (loop $more
                (br_if $done (i32.eqz (local.get $count)))
                (if (i32.or (call $word (local.get $state)) (i32.lt_u (local.get $count) (i32.const 4)))
                    (then
                        (i32.store (local.get $target) (call $rand (local.get $state)))
                        (local.set $step (i32.const 1)))
                    (else
                        (call $draw (local.get $state) (i64.const 4))
                        (local.set $hi)
                        (local.set $lo)
                        (i64.store          (local.get $target) (local.get $lo))
                        (i64.store offset=8 (local.get $target) (local.get $hi))
                        (local.set $step (i32.const 4))))
                (local.set $target (i32.add (local.get $target) (i32.shl (local.get $step) (i32.const 2))))
                (local.set $count (i32.sub (local.get $count) (local.get $step)))
                (br $more)))))
