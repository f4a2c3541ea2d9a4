"""Our counter-based random numbers (core/math/random) once more, in NumPy."""
import numpy as np

# RandomStream
DROPOUT, SAMPLING = 4, 5


def philox(counter, key):
    """One block of Philox-4x32-10 (Salmon et al. 2011)."""
    counter, key = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [(second >> 32) ^ counter[1] ^ key[0], second & 0xFFFFFFFF,
                   (first >> 32) ^ counter[3] ^ key[1], first & 0xFFFFFFFF]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return counter


# kat_vectors of Random123.
assert philox((0, 0, 0, 0), (0, 0)) == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def words(seed, stream, step, sample, count):
    key = (seed & 0xFFFFFFFF, seed >> 32)
    blocks = [philox((block, sample, step, stream), key) for block in range((count + 3) // 4)]
    return np.array(blocks, dtype=np.uint64).reshape(-1)


def uniforms(seed, stream, step, sample, count):
    """Random(seed, stream, step, sample).fill_uniform(): multiples of 2^-24 in [0, 1)."""
    return (words(seed, stream, step, sample, count)[:count] >> np.uint64(8)) / 2.0**24


def normals(seed, stream, step, sample, count):
    """Random(...).fill_normal(), as double. The engine computes them in float, so they agree to float's rounding."""
    bits = words(seed, stream, step, sample, count) >> np.uint64(8)
    radius = np.sqrt(-2 * np.log((bits[0::2] + np.uint64(1)) / 2.0**24))
    angle = 2 * np.pi * (bits[1::2] / 2.0**24)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)[:count]
