"""What everything else stands on: subnets, ways in, ways out of an impaired zone or Region."""
