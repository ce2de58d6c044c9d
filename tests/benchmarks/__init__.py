"""Benchmarks, run by ``./do benchmarks``; how to add one stands in the README of this folder."""
