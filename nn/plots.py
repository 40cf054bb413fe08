"""Pictures of training and of networks, with matplotlib."""
