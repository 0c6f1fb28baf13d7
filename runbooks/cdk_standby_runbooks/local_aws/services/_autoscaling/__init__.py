"""Parts of the model of EC2 Auto Scaling."""
