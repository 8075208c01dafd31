"""The doors of enterprises: commands, pages, addresses for programs. They decide nothing."""
