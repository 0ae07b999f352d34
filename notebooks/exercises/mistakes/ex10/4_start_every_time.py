"""Every step is fed the start sign. After the first it is fed its own last answer."""


def greedy(step, state, start, end, most):
    said = []
    for _ in range(most):
        scores, state = step(start, state)
        best = int(scores.argmax())
        if best == end:
            break
        said.append(best)
    return said
