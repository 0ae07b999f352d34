"""N_t is the weighted sum itself. What is new is squashed, so that the state stays between −1 and 1."""


def new_after(r_t, s_prev, x_t, W_n, b_n, b_ns):
    n_s = len(b_n)
    W_ns, W_nx = W_n[:n_s], W_n[n_s:]
    return r_t * (s_prev @ W_ns + b_ns) + x_t @ W_nx + b_n
