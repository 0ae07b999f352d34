"""The row stands on the wrong side of the Jacobians. With one vector NumPy multiplies both ways and does
not complain.
"""


def dE_ds(i, s, W_s, W_y, dE_dy):
    k = len(s) - 1
    gradient = W_y @ dE_dy
    while k > i:
        gradient = jacobian(s[k], W_s) @ gradient
        k -= 1
    return gradient
