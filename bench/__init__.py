"""Benchmarks: what our pages cost, as ratios within one run; `script/bench` starts them."""
