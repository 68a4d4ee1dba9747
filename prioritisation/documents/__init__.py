"""Documents: what one says is put together once (`model`) and written as PDF (`pdf`) and as HTML (`html`)."""
