import { testScenario } from "./language-stack.js";

testScenario("typescript");
