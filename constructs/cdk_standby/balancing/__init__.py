"""Load balancers for any targets: requests, connections, and packets on their way through appliances."""
