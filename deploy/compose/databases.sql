-- For the roles that run apart (deploy/compose.yaml, profile roles).
create database product owner shop;
create database orders owner shop;
