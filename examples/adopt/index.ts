import "./connections";
