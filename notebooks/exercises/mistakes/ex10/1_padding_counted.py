"""The zeros after the end of the shorter sequences are counted as measurements. They are none."""


def standardize(train, test, train_lengths, test_lengths):
    mean, std = train.mean(axis=(0, 1)), train.std(axis=(0, 1))
    train, test = (train - mean) / std, (test - mean) / std
    for b, n in enumerate(train_lengths):
        train[n:, b] = 0
    for b, n in enumerate(test_lengths):
        test[n:, b] = 0
    return train, test
