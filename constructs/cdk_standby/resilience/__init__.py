"""What AWS offers to carry a recovery plan out, to practise it, and to judge it: Region switch, FIS, Resilience Hub."""
