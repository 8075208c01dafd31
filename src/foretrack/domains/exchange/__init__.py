"""The exchange: offers, needs and achievements, the release hall, exhibitions, deals, evaluation, services. Begin with
`kinds/`."""
