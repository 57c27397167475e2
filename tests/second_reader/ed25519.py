"""Ed25519 by the rule of docs/formats/record.md, "Signatures": strict points, one equation with the factor 8."""
import hashlib

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def add(a, b):
    """Adds points in extended coordinates (X, Y, Z, T)."""
    (x, y, z, t), (u, v, w, s) = a, b
    e, f, g, h = (y - x) * (v - u) % P, 2 * t * s * D % P, 2 * z * w % P, (y + x) * (v + u) % P
    e, f, g, h = h - e, g - f, g + f, h + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    total = NEUTRAL
    for bit in bin(n)[2:]:
        total = add(total, total)
        if bit == "1":
            total = add(total, point)
    return total


def minus(point):
    return -point[0] % P, point[1], point[2], -point[3] % P


def is_neutral(point):
    return point[0] == 0 and point[1] == point[2]


def decode(data):
    """Returns the point, or None for bytes that are not the one spelling of a point on the curve."""
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number % 2**255
    x2 = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(x2, (P + 3) // 8, P)
    x = x if x * x % P == x2 else x * ROOT % P
    if y >= P or x * x % P != x2 or (x == 0 and sign):
        return None
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = decode((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_key(data):
    point = decode(data)
    return point is not None and not is_neutral(times(8, point)) and is_neutral(times(L, point))


def verifies(key, message, signature):
    """Checks a signature under a key that `is_key`."""
    a, r, s = decode(key), decode(signature[:32]), int.from_bytes(signature[32:], "little")
    if s >= L or r is None:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    return is_neutral(times(8, add(times(s, BASE), minus(add(times(k, a), r)))))
