"""03: which captioner describes the clips best?"""
