"""What `packaging/bench` measures, one module a measure, with what it is measured on."""
