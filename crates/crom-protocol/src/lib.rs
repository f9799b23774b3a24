//! What goes over the wire between a package client and a package server (REST v2).
