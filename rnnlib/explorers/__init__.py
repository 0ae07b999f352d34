"""Explorers: interactive figures, one file each, all moved by the one browser view of ``base``.

Each file has a pure ``compute``, a ``draw`` in ordinary matplotlib, and ``explorer()`` which joins them::

    from rnnlib.explorers import first_look

    first_look.explorer()

Reading order: ``first_look`` (the smallest), ``base`` (how to write one), ``controls``, ``scene``,
``marks``, ``glyphs``, ``frames``, and ``view.js``, the browser code. ``player`` and ``play.js`` add a button
that moves a control by itself.
"""
