"""The start page's check: silent on a healthy machine, plain words on any other."""

from importlib import metadata

from rnnlib import environment


def test_a_healthy_machine_gets_one_line():
    assert environment.report().startswith("Everything is here")
    assert "\n" not in environment.report()


def test_a_missing_package_is_named_with_its_purpose_and_the_cure(monkeypatch):
    real = metadata.version

    def version(name):
        if name == "anywidget":
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(environment.metadata, "version", version)
    text = environment.report()
    assert "anywidget is missing: it provides the sliders." in text
    assert "make lab" in text
    assert "numpy" not in text


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(environment, "OLDEST_PYTHON", (99, 0))
    assert "the course needs 99.0 or newer" in environment.report()
