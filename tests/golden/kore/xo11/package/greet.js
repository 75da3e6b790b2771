/* greets */
print("Hello ❧\n");
