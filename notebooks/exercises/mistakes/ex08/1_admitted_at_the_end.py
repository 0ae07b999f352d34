"""The ignore factor is that of step `end`. In which step did the new come in?"""


def kept(f, i, start, end):
    left = i[end - 1]
    for t in range(start + 1, end + 1):
        left = left * f[t - 1]
    return left
