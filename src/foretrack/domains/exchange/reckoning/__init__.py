"""What is reckoned of deals, services and first sets: small counts hidden, ratings, parameters. Pure: values in, out."""
