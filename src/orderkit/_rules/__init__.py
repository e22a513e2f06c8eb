"""When something happens, if something holds, after some time, do something: never setting a state itself."""
