"""Steps of a Region switch plan that no block of AWS knows: it is packed whole, and needs boto3 only."""
