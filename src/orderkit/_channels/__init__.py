"""Where orders come from: how the rows and payloads of each channel become orders of one model."""
