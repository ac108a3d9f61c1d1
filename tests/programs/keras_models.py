"""Keras models as people have them, with nothing beside them that makes inputs."""

from __future__ import annotations

import keras

model = keras.Sequential([keras.Input((None, 6)), keras.layers.LSTM(4), keras.layers.Dense(2)])
