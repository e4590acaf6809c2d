"""How badges reach learners: claim links and their codes, mails, and letters for families."""
