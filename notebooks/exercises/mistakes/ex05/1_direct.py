"""Only the shortest path is there, straight down from the error. The gradient goes back in time too."""


def list_paths(N):
    return [((1, N), (2, N))]
