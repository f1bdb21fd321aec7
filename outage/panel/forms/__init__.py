"""The declare form: `posted` reads it, `shown` is what is shown, `values` are single fields."""
