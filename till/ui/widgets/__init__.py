"""The parts that screens are made of. They draw values and tell what was tapped."""
