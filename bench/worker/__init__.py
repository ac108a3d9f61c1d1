"""The far side: what runs where TensorFlow is. Imports the standard library, numpy and TensorFlow, nothing else."""
