"""Policy and rules as dated data: shapes, loader and the packs that come with Foretrack."""
