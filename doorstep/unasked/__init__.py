"""What is said without being asked, and how promises are kept on their date."""
