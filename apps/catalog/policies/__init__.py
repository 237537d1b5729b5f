"""Pure rules of the catalog: what can be built, what fits, whose offer is shown."""
