function kiln() {
	return "é";
}