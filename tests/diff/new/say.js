print("bye");
