"""Vaults, restore tests and reports of AWS Backup; the plan and the locked vault stand one level up."""
