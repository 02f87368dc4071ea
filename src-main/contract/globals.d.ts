/** The two globals that both ends of every transport have; the contract is checked without the types of either. */
declare function btoa(data: string): string
declare function atob(data: string): string
