"""Machine images and snapshots of volumes, in every Region that has to start from them."""
