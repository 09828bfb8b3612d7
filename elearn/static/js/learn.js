// Lessons and attempts.
import { startAutosave } from "./autosave.js";
import { startChecks } from "./check.js";

startChecks();
startAutosave();
