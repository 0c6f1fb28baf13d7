"""What Lambda gets: the folder as it is. `takeover` needs the standard library and boto3, and nothing of ours."""
