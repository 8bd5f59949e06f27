"""The dossier of a case: gathered from the database, shown as a page, packed as a ZIP, and checked by anybody."""
