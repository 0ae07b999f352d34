import numpy as np
import pytest
from cases import PHIS

from rnnlib import activations

Z = np.linspace(-6, 6, 1201) + 1e-3  # not the kink of ReLU


@pytest.mark.parametrize("phi", PHIS, ids=lambda phi: phi.name)
class TestEach:
    def test_derivative_comes_from_the_output(self, phi):
        h = 1e-5
        numeric = (phi(Z + h) - phi(Z - h)) / (2 * h)
        np.testing.assert_allclose(phi.derivative(phi(Z)), numeric, atol=1e-9)

    def test_gamma_is_the_largest_slope(self, phi):
        slopes = phi.derivative(phi(np.linspace(-9, 9, 100_001)))
        assert np.abs(slopes).max() == pytest.approx(phi.gamma, abs=1e-9)

    def test_writes_in_place_what_it_returns(self, phi):
        z = Z.copy()
        assert phi(z, out=z) is z
        np.testing.assert_array_equal(z, phi(Z))

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_writes_its_derivative_where_told(self, phi, dtype):
        s = phi(Z.astype(dtype))
        out = np.full_like(s, np.nan)
        assert phi.derivative(s, out=out) is out
        np.testing.assert_array_equal(out, phi.derivative(s))

    def test_leaves_its_argument_alone(self, phi):
        z = Z.copy()
        phi.derivative(phi(z))
        np.testing.assert_array_equal(z, Z)

    @pytest.mark.parametrize("dtype", [np.float32, np.float64])
    def test_keeps_the_type(self, phi, dtype):
        s = phi(Z.astype(dtype))
        assert s.dtype == phi.derivative(s).dtype == dtype

    def test_takes_plain_numbers(self, phi):
        assert phi(0.5) == phi(np.array([0.5]))[0]
        assert phi.derivative(0.5) == phi.derivative(np.array([0.5]))[0]
        assert f"{phi(0.5):.1f} {phi.derivative(0.5):.1f}"

    def test_has_its_name(self, phi):
        assert activations.by_name(phi.name) is phi
        assert repr(phi) == f"Activation(name='{phi.name}', gamma={phi.gamma})"


def test_values():
    assert activations.tanh(0.3) == np.tanh(0.3)
    assert activations.sigmoid(0.3) == pytest.approx(1 / (1 + np.exp(-0.3)), rel=1e-15)
    np.testing.assert_array_equal(activations.relu(np.array([-1.0, 0, 2])), [0, 0, 2])
    np.testing.assert_array_equal(activations.relu.derivative(np.array([0.0, 2])), [0, 1])
    assert activations.identity(-3.0) == -3


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_cannot_overflow(dtype):
    largest = np.finfo(dtype).max
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        s = activations.sigmoid(np.array([-largest, -1000, -30, 30, 1000, largest], dtype))
    np.testing.assert_allclose(s, [0, 0, np.exp(-30.0), 1, 1, 1], rtol=1e-6, atol=1e-37)
    assert (s > 0).all()


def test_sigmoid_keeps_its_digits_far_out():
    assert activations.sigmoid(-50.0) == pytest.approx(np.exp(-50.0), rel=1e-14)


def test_sigmoid_is_one_from_37():
    assert activations.sigmoid(36.0) < 1 == activations.sigmoid(37.0)


def test_unknown_name():
    with pytest.raises(ValueError, match="'swish'; expected one of tanh, sigmoid, relu, identity"):
        activations.by_name("swish")
