"""Find what overlaps in a drawn diagram or figure, from the renderer's own geometry."""

from itertools import combinations

import numpy as np
from matplotlib.path import Path

TOUCH = 1.0
"""Pixels by which things must stay apart."""


def outline(patch):
    """Return points along a patch's outline, in pixels, dense enough to find any crossing."""
    polygons = patch.get_path().to_polygons(patch.get_transform(), closed_only=False)
    return np.concatenate([along(polygon) for polygon in polygons if len(polygon) > 1])


def along(polyline):
    """Return points on a polyline whose distance is `TOUCH` at most, however long its pieces are."""
    way = np.concatenate(([0], np.cumsum(np.hypot(*np.diff(polyline, axis=0).T))))
    at = np.linspace(0, way[-1], int(np.ceil(way[-1] / TOUCH)) + 1)
    return np.column_stack([np.interp(at, way, coordinate) for coordinate in polyline.T])


def near(points, others):
    """Return those points that lie in the box around the others, to compare only these one by one."""
    low, high = others.min(axis=0) - TOUCH, others.max(axis=0) + TOUCH
    return points[np.all((points > low) & (points < high), axis=1)]


def touching(one, other):
    """Tell whether two rows of points come nearer than `TOUCH`."""
    one, other = near(one, other), near(other, one)
    return bool(np.any(np.hypot(*(one[:, None] - other[None]).transpose(2, 0, 1)) < TOUCH))


def interior(patch):
    """Return a node's own shape, a little smaller, as a path in pixels."""
    vertices = patch.get_path().to_polygons(patch.get_transform())[0]
    center = (vertices.max(axis=0) + vertices.min(axis=0)) / 2
    return Path(center + 0.97 * (vertices - center))


def box(text):
    return text.get_window_extent()


def corners(bbox):
    return np.array([(x, y) for x in (bbox.x0, bbox.x1) for y in (bbox.y0, bbox.y1)])


def frame_of(bbox):
    """Return points along the four sides of a text's box."""
    return along(corners(bbox)[[0, 1, 3, 2, 0]])


def inside(bbox, points):
    grown = bbox.padded(TOUCH)
    x, y = points.T
    return np.any((x > grown.x0) & (x < grown.x1) & (y > grown.y0) & (y < grown.y1))


def conflicts(fig, artists):
    """Return what collides, in words; an empty list means a clean diagram. Hidden artists do not count."""
    fig.canvas.draw()
    artists = type(artists)(*({n: a for n, a in part.items() if a.get_visible()} for part in artists))
    frames = {name for name in artists.nodes if artists.nodes[name].get_facecolor()[3] == 0}
    nodes = {name: interior(patch) for name, patch in artists.nodes.items() if name not in frames}
    arrows = {name: outline(patch) for name, patch in artists.arrows.items()}
    texts = {("node", name): box(text) for name, text in artists.labels.items()}
    texts |= {("edge", name): box(text) for name, text in artists.weights.items()}
    found = [f"{key} is cut off" for key, bbox in texts.items() if fig.bbox.count_contains(corners(bbox)) < 4]
    found += [
        f"{one} overlaps {other}"
        for one, other in combinations(texts, 2)
        if texts[one].overlaps(texts[other])
    ]
    found += list(_text_on_node(texts, nodes))
    for name, points in arrows.items():
        found += [f"arrow {name} crosses {key}" for key, bbox in texts.items() if inside(bbox, points)]
        found += [
            f"arrow {name} enters node {n}" for n, path in nodes.items() if path.contains_points(points).any()
        ]
    for one, other in combinations(arrows, 2):
        if touching(arrows[one], arrows[other]):
            found.append(f"arrow {one} touches arrow {other}")
    return found


def _text_on_node(texts, nodes):
    for (kind, name), bbox in texts.items():
        for other, path in nodes.items():
            if kind == "node" and name == other:
                if not path.contains_points(corners(bbox)).all():
                    yield f"label {name} is larger than its node"
            elif path.contains_points(frame_of(bbox)).any() or inside(bbox, path.vertices):
                yield f"{kind} text {name} lies on node {other}"


def text_conflicts(fig):
    """Return which texts of a figure's axes overlap or are cut off, in words; ticks and titles count."""
    fig.canvas.draw()
    boxes = [(text.get_text(), box(text)) for ax in fig.axes for text in texts_of(ax)]
    found = [
        f"{one} overlaps {other}"
        for (one, first), (other, second) in combinations(boxes, 2)
        if first.padded(-1).overlaps(second.padded(-1))
    ]
    whole = fig.bbox.padded(0.5)
    return found + [f"{text} is cut off" for text, bbox in boxes if whole.count_contains(corners(bbox)) < 4]


def texts_of(ax):
    """Yield every text that is painted, tick labels within the limits included."""
    texts = [ax._left_title, ax._right_title, ax.xaxis.label, ax.yaxis.label, *ax.texts]
    for axis, (low, high) in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
        texts += [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    yield from (text for text in texts if text.get_text() and text.get_visible())
