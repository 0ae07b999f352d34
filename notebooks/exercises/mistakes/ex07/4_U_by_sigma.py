"""U_t is made by σ, as a share. It is content, and content needs a sign."""

from rnnlib.activations import sigmoid


def notes_step(LTM_prev, STM_prev, x_t, W, b, W_u, b_u):
    N_t, i_t, f_t, V_t = gates(STM_prev, x_t, W, b)
    LTM_t = LTM_prev * f_t + N_t * i_t
    U_t = sigmoid((LTM_prev * f_t) @ W_u + b_u)
    return LTM_t, U_t * V_t
