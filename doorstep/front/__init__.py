"""The front: the only door to the outside. It stores what buyers write, asks Rasa, and delivers the replies."""
