"""The demonstration: made-up offices' whole campaign, from listings to verified packages."""
