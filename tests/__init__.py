"""The promises of Contact Hub, one test each; the folders mirror the package."""
