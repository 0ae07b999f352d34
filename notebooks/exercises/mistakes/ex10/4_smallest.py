"""It says the symbol with the smallest score. The best one has the largest."""


def greedy(step, state, start, end, most):
    said, symbol = [], start
    for _ in range(most):
        scores, state = step(symbol, state)
        symbol = sorted(range(len(scores)), key=lambda k: scores[k])[0]
        if symbol == end:
            break
        said.append(symbol)
    return said
