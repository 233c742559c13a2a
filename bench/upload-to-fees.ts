export const uploadToFees = async () => [];
